/** Whether an error has a code of the product; errors of another copy of this package are known by their shape. */
export function hasCode(error: unknown): error is { readonly code: string; readonly message: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('REALOPS_');
}
