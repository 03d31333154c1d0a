const STYLES: Readonly<Record<number, string>> = {
  1: "font-weight: bold; color: #fff",
  2: "opacity: 0.6",
  31: "color: #f28b82",
  32: "color: #81c995",
  36: "color: #78d9ec",
};

/** A terminal's text as HTML, with the colours that `npm start` uses (ECMA-48 section 8.3.117, SGR). */
export function terminalHtml(text: string): string {
  let html = "";
  let open = false;
  for (const piece of text.split(/(\u001b\[[0-9;]*[A-Za-z])/)) {
    const code = /^\u001b\[(\d*)m$/.exec(piece)?.[1];
    if (code !== undefined) {
      const style = STYLES[Number(code)];
      if (open) html += "</span>";
      open = style !== undefined;
      if (open) html += `<span style="${style}">`;
    } else if (!piece.startsWith("\u001b[")) {
      html += piece.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    }
  }
  return open ? `${html}</span>` : html;
}
