import type { NotifyMessage } from '../model/action-type.js';

type Alert = NotifyMessage['alerts'][number];

const ALERT: Alert = { id: 'guardian_emergency', state: 'fired', severity: 'critical', since: '2026-11-23T12:00:00.000Z', evidence: { 'metrics.guardian.state.last': 'EMERGENCY', 'slos.wer.value': null } };

const FIRED: NotifyMessage = {
  title: 'Alert: Guardian emergency', text: "metrics.guardian.state.last = 'EMERGENCY' has held for 10 s\n  since 2026-11-23 12:00:00 UTC", severity: 'critical', state: 'fired', alerts: [ALERT],
  suite: 'alice', runId: '20261123_1200', fields: { environment: 'sandbox', 'run folder': 'runs/20261123_1200', files: ['runs/20261123_1200/incident-001-guardian_emergency.md'] },
};

/** What means something to mail, chat, pages, terminals and spreadsheets, in one line and then in further ones. */
const MARKUP = '<!channel> <@U012AB3CD> <https://evil.example/|the bank> @everyone @channel @here @all <img src=x onerror=alert(1)> <script>alert(1)</script> </a> &lt; *b* `c` [x](https://evil.example) =cmd() \u001b[31mred \u0007 \u202eevil\u202c';
const LINES = '\r\nBcc: evil@example.com\r\nX-Injected: yes\r\n\r\n<b>another body</b>\r\n.\r\nQUIT\r\n';

const HOSTILE_TEXT = `${MARKUP}${LINES}`;

/** Messages of every kind by name, as alerts make them: for tests of notifiers. */
export const SAMPLE_MESSAGES = {
  fired: FIRED,
  cleared: { ...FIRED, title: 'Cleared: Guardian emergency', text: 'The guardian is calm again.', state: 'cleared', alerts: [{ ...ALERT, state: 'cleared' }] },
  info: { ...FIRED, title: 'Cannot be decided: WER', text: 'voice.wer has no samples', severity: 'minor', state: 'info', alerts: [] },
  grouped: {
    ...FIRED, title: '3 alerts: 2 fired, 1 cleared', text: 'Alert: A (critical)\nA is bad\n\nAlert: B (major)\nB is bad\n\nCleared: C (minor)\nC is fine again',
    alerts: [ALERT, { ...ALERT, id: 'b', severity: 'major' }, { ...ALERT, id: 'c', severity: 'minor', state: 'cleared' }],
  },
  'very long': { ...FIRED, title: `Alert: ${'word '.repeat(400)}`, text: `${'🙂 a line of many\n'.repeat(4_000)}${'x'.repeat(20_000)}`, fields: { ...FIRED.fields, files: Array.from({ length: 200 }, (_, index) => `runs/incident-${index}.md`) } },
  unicode: { ...FIRED, title: 'Alert: Väntan på svar är för lång 🙂 漢字', text: 'Svaret på ”vad är klockan?” kom efter 4 s – för sent', suite: 'älg' },
  hostile: { ...FIRED, title: `Alert: ${HOSTILE_TEXT}`, text: HOSTILE_TEXT, alerts: [{ ...ALERT, evidence: { 'metrics.guardian.state.last': HOSTILE_TEXT, 'slos.wer.value': null } }], suite: `alice${HOSTILE_TEXT}`, runId: `20261123_1200${LINES}`, fields: { ...FIRED.fields, 'run folder': HOSTILE_TEXT } },
} as const satisfies { readonly [kind: string]: NotifyMessage };
