// The sources that evidence can be pulled from.

export type { ByteStream, Source, SourceProblem } from './contract.ts';
export { files } from './files.ts';
export { standardInput } from './standard-input.ts';
