import { RealopsError } from '../errors/index.js';
import { suggestion } from '../text/index.js';

const DEFAULT_PORTS: { readonly [protocol: string]: string } = { 'http:': '80', 'ws:': '80', 'https:': '443', 'wss:': '443', 'rtsp:': '554', 'smtp:': '25', 'imap:': '143' };

/**
 * The URL of a target name, or the given URL when its host and port belong to a target. The list of targets is the only way out of the process.
 * @throws RealopsError REALOPS_TARGET_UNKNOWN for a word that is neither, REALOPS_EGRESS_DENIED for a host that is not listed.
 */
export function resolveTarget(nameOrUrl: string, targets: { readonly [name: string]: string }): URL {
  const named = Object.hasOwn(targets, nameOrUrl) ? targets[nameOrUrl] : undefined;
  if (named !== undefined) return new URL(named);
  const url = parse(nameOrUrl);
  if (url === undefined || url.host === '') {
    throw new RealopsError('REALOPS_TARGET_UNKNOWN', `"${nameOrUrl}" is neither a target nor a URL`, { hint: suggestion(nameOrUrl, Object.keys(targets), 'targets') });
  }
  const place = hostAndPort(url);
  const allowed = allowedPlaces(targets);
  if (allowed.has(place)) return url;
  throw new RealopsError('REALOPS_EGRESS_DENIED', `${place} is not the host of any target`, {
    hint: `add it under targets to allow it; allowed: ${[...allowed].join(', ') || 'nothing'}`,
  });
}

/** As `URL.canParse` before `new URL`, without parsing twice what is a URL. */
function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

const known = new WeakMap<object, ReadonlySet<string>>();

/** The hosts and ports of all targets, worked out once per suite. */
function allowedPlaces(targets: { readonly [name: string]: string }): ReadonlySet<string> {
  const kept = known.get(targets);
  if (kept !== undefined) return kept;
  const places = new Set(Object.values(targets).flatMap((target) => (URL.canParse(target) ? [hostAndPort(new URL(target))] : [])));
  known.set(targets, places);
  return places;
}

/** `host:port` of a URL with the default port of its protocol filled in. */
function hostAndPort(url: URL): string {
  return `${url.hostname.toLowerCase()}:${url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? '') : url.port}`;
}
