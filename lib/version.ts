// The version that --version prints; a test holds it equal to package.json, so that the bundle needs no file beside it.

export const VERSION = '0.1.0';
