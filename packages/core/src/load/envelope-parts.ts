/** A text that is not empty. */
export const text = { type: 'string', minLength: 1 } as const;
/** A name that other parts of a suite use. */
export const id = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]*$', description: 'A name of letters, digits, _ and -, beginning with a letter' } as const;
/** A list of texts. */
export const texts = { type: 'array', items: text } as const;
/** An object that is checked elsewhere. */
export const open = { type: 'object', properties: {}, additionalProperties: true } as const;
/** A bare expression. */
export const condition = { type: 'string', minLength: 1, description: 'A bare JSONata expression, e.g. status = 200' } as const;
/** A length of time. */
export const duration = { type: 'string', holds: 'duration', description: 'A number and a unit: 500ms, 2s, 5m, 1h' } as const;
