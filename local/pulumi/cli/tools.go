//go:build tools

// Package cli pins the Pulumi CLI that is built where no release of it can be downloaded.
package cli

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
