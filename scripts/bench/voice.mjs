import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inScratch, median, round, withServer } from '../lib/measure.mjs';
import { root } from '../lib/run.mjs';

const SIZES = '100,500';

/** At 100 streams and at 500, or those of `--streams` that have a limit. */
export function limits({ streams = SIZES } = {}) {
  const all = { 100: { p99_ms_100: { most: 5 }, drift_ms_100: { most: 1, least: -1 } }, 500: { us_per_frame_500: { most: 15 }, p99_ms_500: { most: 20 }, drift_ms_500: { most: 1, least: -1 } } };
  return Object.assign({}, ...streams.split(',').map((count) => all[count]));
}

const RATE = 16_000;

/** A recogniser that costs next to nothing, since it shares the machine: it walks over the frames of each connection without unmasking them, and says its final after the last one. */
const server = (frames) => `
const { createHash } = require('node:crypto');
const server = require('node:http').createServer();
const final = Buffer.from('{"event":"final","text":"hej alice","confidence":0.9}');
const frame = Buffer.concat([Buffer.from([0x81, final.length]), final]);
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.setNoDelay();
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n');
  let [seen, head, rest] = [0, Buffer.alloc(0), 0];
  socket.on('data', (chunk) => {
    let at = Math.min(rest, chunk.length);
    rest -= at;
    while (at < chunk.length) {
      const left = head.length === 0 ? chunk.subarray(at) : Buffer.concat([head, chunk.subarray(at)]);
      const short = left.length > 1 ? left[1] & 0x7f : 127;
      if (left.length < 14 && !(short < 126 && left.length >= 6)) { head = Buffer.from(left); return; }
      const size = short < 126 ? 6 + short : short === 126 ? 8 + left.readUInt16BE(2) : 14 + Number(left.readBigUInt64BE(2));
      at += Math.min(size - head.length, chunk.length - at);
      rest = Math.max(0, size - left.length);
      head = Buffer.alloc(0);
      if ((left[0] & 0x0f) === 8) return socket.end(Buffer.from([0x88, 0]));
      seen += 1;
      if (seen === ${frames}) socket.write(frame);
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

/**
 * `voice.load` against a recogniser in another process, 30 s of speech in every stream: CPU of this process (all its threads) for each frame of 20 ms, reading and encoding the clip
 * and connecting included; how late frames were; how much later the last than the first. The middle of three rounds. `--streams N`, `--seconds N`, `--rounds N`, `--workers N`, `--protocol alice|vosk`.
 */
export function measure({ streams = SIZES, rounds = '3', seconds = '30', workers, protocol = 'alice' } = {}) {
  return withServer(server(Number(seconds) * 50), (address) =>
    inScratch(async (folder) => {
      const [{ default: plugin }, { runStep }] = await Promise.all(['plugin-voice/dist/index.js', 'core/dist/testing.js'].map((file) => import(pathToFileURL(join(root, 'packages', file)).href)));
      const load = plugin.steps.find(({ use }) => use === 'voice.load');
      writeFileSync(join(folder, 'clip.wav'), speech(Number(seconds)));
      const numbers = {};
      for (const count of streams.split(',').map(Number)) {
        const all = [];
        for (let turn = 0; turn < Number(rounds); turn += 1) {
          const used = process.cpuUsage();
          const { error, output } = await runStep(
            load,
            { target: 'asr', protocol, clips: [{ audio: 'clip.wav', onsetMs: 0, endMs: Number(seconds) * 1_000 }], streams: count, rampMs: count * 4, tailMs: 0, ...(workers === undefined ? {} : { workers: Number(workers) }) },
            { targets: { asr: address.replace('http', 'ws') }, files: folder, timeoutMs: 120_000 },
          );
          const { user, system } = process.cpuUsage(used);
          if (error !== undefined) throw error;
          if (output.finals !== count) throw new Error(`${output.finals} finals of ${count} streams: ${JSON.stringify(output.errors)}`);
          all.push({ ...output.lateness, drift: output.driftMs, cost: (user + system) / output.lateness.frames });
        }
        const middle = (of) => median(all.map(of));
        Object.assign(numbers, {
          [`us_per_frame_${count}`]: round(middle(({ cost }) => cost), 1),
          [`p50_ms_${count}`]: round(middle(({ p50Ms }) => p50Ms), 2),
          [`p99_ms_${count}`]: round(middle(({ p99Ms }) => p99Ms), 2),
          [`max_ms_${count}`]: round(middle(({ maxMs }) => maxMs), 1),
          [`drift_ms_${count}`]: round(middle(({ drift }) => drift), 2),
        });
      }
      return { protocol, seconds: Number(seconds), rounds: Number(rounds), load_average: round(loadavg()[0], 1), ...numbers };
    }),
  );
}

/** A WAV file with the rhythm of speech. */
function speech(seconds) {
  const bytes = Buffer.alloc(44 + seconds * RATE * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  [[1, 20], [1, 22], [2, 32], [16, 34]].forEach(([value, at]) => bytes.writeUInt16LE(value, at));
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 2, 28);
  bytes.write('data', 36);
  bytes.writeUInt32LE(seconds * RATE * 2, 40);
  for (let index = 0; index < seconds * RATE; index += 1) bytes.writeInt16LE(Math.round(6_000 * Math.max(0, Math.sin((13 * index) / RATE)) * Math.sin((940 * index) / RATE)), 44 + index * 2);
  return bytes;
}
