import { cli, costOf } from '../lib/measure.mjs';

export const limits = { cpu_s: { most: 0.15 } };

/** CPU of `realops --version`, the floor under every command, beside that of an empty Node process. */
export async function measure() {
  return { ...(await costOf([cli, '--version'])), empty_node_cpu_s: (await costOf(['-e', '0'])).cpu_s };
}
