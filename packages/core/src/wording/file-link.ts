/** A link to a file beside the report. It never leaves the folder's own scheme, whatever a log says the file is called. */
export function fileLink(file: string): string {
  return `./${file.replaceAll(/[\uD800-\uDFFF]/gu, '_').split('/').map(encodeURIComponent).join('/')}`;
}
