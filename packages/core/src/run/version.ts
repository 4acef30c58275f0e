/** The product's own version, as `run_start` records it and `--version` prints it. */
export const ENGINE_VERSION = '0.1.0';
