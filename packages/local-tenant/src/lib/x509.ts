// The library's dependency injection needs the polyfill before its first module is loaded.
import "reflect-metadata";

export * from "@peculiar/x509";
