/**
 * The other end of a calibration, in a process of its own: answers after delays that it is told, and tells afterwards how long each of them really was, from the arrival of the
 * frame that it answers to the sending of the answer. Its own lateness is so no part of what is measured. Plain JavaScript, since it is started as a file.
 *
 * `/asr?id=…&delays=PARTIAL,FINAL&last=N`: a recogniser in the framing of Alice; the partial answers frame 0, the final frame N.
 * `/talk?id=…&delays=…&frames=N`: an assistant; N loud frames are an utterance that it answers, and the first of them stops it when it is speaking.
 */
import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { WebSocketServer } from 'ws';

const RATE = 16_000;
/** What is cut into lasts longer than what follows it. */
const [LONG_MS, SHORT_MS] = [1_500, 200];

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
/** Whoever asked may be gone already. */
const tell = (message) => process.connected && process.send(message, () => undefined);

server.on('listening', () => tell({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));

server.on('connection', (socket, request) => {
  const { pathname, searchParams } = new URL(request.url, 'ws://loopback');
  const delays = searchParams.get('delays').split(',').map(Number);
  const waited = delays.map(() => null);
  const timers = new Set();
  let next = 0;
  /** Answers after the next delay, and notes how long that was. */
  const answer = (arrivedAt, messages) => {
    const index = next++;
    if (index >= delays.length) return;
    const send = () => {
      const all = messages();
      // Before it is sent: what happens from then on is on the way of what is measured.
      waited[index] = performance.now() - arrivedAt;
      for (const message of all) socket.send(message);
    };
    if (delays[index] === 0) return send();
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (socket.readyState === socket.OPEN) send();
    }, delays[index]);
    timers.add(timer);
  };
  const listen = pathname === '/asr' ? recogniser(answer, Number(searchParams.get('last'))) : assistant(answer, Number(searchParams.get('frames')));
  socket.on('message', (data) => listen(data, performance.now()));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const timer of timers) clearTimeout(timer);
    tell({ id: searchParams.get('id'), waited });
  });
});

function recogniser(answer, last) {
  let frames = 0;
  return (data, at) => {
    if (!data.subarray(0, 15).equals(AUDIO)) return;
    if (frames === 0) answer(at, () => ['{"event":"partial","text":"ett","confidence":null}']);
    if (frames === last) answer(at, () => ['{"event":"final","text":"ett","confidence":null}']);
    frames += 1;
  };
}
const AUDIO = Buffer.from('{"type":"audio"');

function assistant(answer, length) {
  let [loud, speaksUntil, isCut] = [0, 0, false];
  const speak = (ms) => {
    speaksUntil = performance.now() + ms;
    return [`{"event":"audio","pcm_base64":"${tone(ms)}"}`];
  };
  return (data, at) => {
    const { type, pcm_base64: pcm } = JSON.parse(String(data));
    if (type !== 'audio' || !isLoud(Buffer.from(pcm, 'base64'))) return;
    loud += 1;
    if (loud === 1 && at < speaksUntil) {
      isCut = true;
      answer(at, () => ((speaksUntil = 0), ['{"event":"clear"}']));
    }
    if (loud < length) return;
    loud = 0;
    const ms = isCut ? SHORT_MS : LONG_MS;
    isCut = false;
    answer(at, () => speak(ms));
  };
}

function isLoud(pcm) {
  for (let at = 0; at + 1 < pcm.length; at += 2) if (Math.abs(pcm.readInt16LE(at)) > 1_000) return true;
  return false;
}

function tone(ms) {
  const pcm = Buffer.alloc((RATE * ms * 2) / 1_000);
  for (let index = 0; index < pcm.length / 2; index += 1) pcm.writeInt16LE(Math.round(6_000 * Math.sin((2 * Math.PI * 220 * index) / RATE)), index * 2);
  return pcm.toString('base64');
}
