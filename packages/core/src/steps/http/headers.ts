/** Header names in lower case and their values. */
export interface Headers {
  readonly [name: string]: string;
}

/** What the headers of a request are made from. */
export interface HeaderSources {
  readonly given: { readonly [name: string]: string | number | boolean };
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  /** The trace id to send along; undefined to send none. */
  readonly traceId: string | undefined;
}

/** The headers of a request; what the step gives wins over what it implies. */
export function headersOf({ given, contentType, authorization, traceId }: HeaderSources): Headers {
  const headers: { [name: string]: string } = { accept: '*/*', 'user-agent': 'realops' };
  if (contentType !== undefined) headers['content-type'] = contentType;
  if (authorization !== undefined) headers['authorization'] = authorization;
  if (traceId !== undefined) headers['traceparent'] = traceParent(traceId);
  for (const name of Object.keys(given)) headers[name.toLowerCase()] = String(given[name]);
  return headers;
}

/** The W3C `traceparent` of a trace id of 32 hex digits; its second half stands for the calling span. */
export function traceParent(traceId: string): string {
  return `00-${traceId}-${traceId.slice(16)}-01`;
}

/** The headers of an answer with lower-case names; several of one name are joined by a comma. */
export function flatten(headers: { readonly [name: string]: string | readonly string[] | undefined }): Headers {
  const flat: { [name: string]: string } = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
