/** A bounded knob. */
export type KnobRule = { readonly kind: 'number'; readonly minimum: number; readonly maximum: number; readonly whole?: boolean } | { readonly kind: 'boolean' };

/** A set of knobs that can be read and changed while the assistant runs. */
export interface Knobs<T extends { readonly [name: string]: number | boolean }> {
  readonly values: T;
  /** Changes what is named; everything or, with a problem, nothing. */
  change(body: unknown): { readonly problems: readonly string[] };
}

/** Knobs with their first values; each has a rule. */
export function createKnobs<T extends { readonly [name: string]: number | boolean }>(initial: T, rules: { readonly [K in keyof T]: KnobRule }): Knobs<T> {
  const state: { values: T } = { values: initial };
  return {
    get values() {
      return state.values;
    },
    change(body) {
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return { problems: ['the body must be an object of knobs'] };
      const problems = Object.entries(body).flatMap(([name, value]) => {
        const rule: KnobRule | undefined = Object.hasOwn(rules, name) ? rules[name] : undefined;
        return rule === undefined ? [`unknown knob ${name}`] : checkValue(name, value, rule);
      });
      if (problems.length === 0) state.values = { ...state.values, ...body };
      return { problems };
    },
  };
}

function checkValue(name: string, value: unknown, rule: KnobRule): readonly string[] {
  if (rule.kind === 'boolean') return typeof value === 'boolean' ? [] : [`${name} must be true or false`];
  if (typeof value !== 'number' || !Number.isFinite(value)) return [`${name} must be a number`];
  if (rule.whole === true && !Number.isInteger(value)) return [`${name} must be a whole number`];
  return value < rule.minimum || value > rule.maximum ? [`${name} must be between ${rule.minimum} and ${rule.maximum}`] : [];
}

/** How the ear ends utterances. */
export interface VoiceKnobs {
  readonly [name: string]: number;
  readonly vad_start_threshold: number;
  readonly vad_stop_threshold: number;
  readonly vad_eos_timeout_ms: number;
}

/** How answers are made. */
export interface OrchestratorKnobs {
  readonly [name: string]: number | boolean;
  readonly rag_top_k: number;
  readonly strict_schema: boolean;
  readonly deep_enabled: boolean;
}

/** The knobs of the voice service. */
export function voiceKnobs(eosMs: number): Knobs<VoiceKnobs> {
  return createKnobs<VoiceKnobs>(
    { vad_start_threshold: 0.35, vad_stop_threshold: 0.3, vad_eos_timeout_ms: eosMs },
    { vad_start_threshold: { kind: 'number', minimum: 0.05, maximum: 0.95 }, vad_stop_threshold: { kind: 'number', minimum: 0.05, maximum: 0.95 }, vad_eos_timeout_ms: { kind: 'number', minimum: 100, maximum: 3_000, whole: true } },
  );
}

/** The knobs of the orchestrator. */
export function orchestratorKnobs(): Knobs<OrchestratorKnobs> {
  return createKnobs<OrchestratorKnobs>(
    { rag_top_k: 5, strict_schema: true, deep_enabled: true },
    { rag_top_k: { kind: 'number', minimum: 1, maximum: 10, whole: true }, strict_schema: { kind: 'boolean' }, deep_enabled: { kind: 'boolean' } },
  );
}
