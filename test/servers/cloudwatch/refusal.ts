// A refusal of the stand-in: AWS JSON 1.1 names it by `__type`.

export class Refused extends Error {
  readonly type: string;
  readonly status: number;
  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export const invalid = (message: string): Refused => new Refused('InvalidParameterException', message);
