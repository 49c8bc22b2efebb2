// argv in, a command or a refusal out: what the user said, not yet what it means.

import { CommanderError, Option, Command as Program } from 'commander';
import { failed, ok, type Result } from './base/result.ts';
import { VERSION } from './base/version.ts';
import {
  COMMANDS,
  type CommandName,
  type CommandSpec,
  OPTIONS,
  type OptionSpec,
  PATHS,
} from './command-options.ts';

/** Options by their camel-case name, as text; lib/config.ts gives them meaning. */
export type RawOptions = Readonly<Record<string, unknown>>;

export interface Command {
  readonly name: CommandName;
  /** Files and folders; of `pod` its one name or none. */
  readonly paths: readonly string[];
  readonly options: RawOptions;
}

/** Nothing to run. With exit code 0 the message was asked for (help, version) and belongs on stdout. */
export interface Refusal {
  readonly message: string;
  readonly exitCode: number;
}

const HELP_WIDTH = 80;
const MISUSE = 2;

const EXITS = `Exit codes:
  0  done
  1  nothing found
  2  trouble: something could not be read or sent; the good part is printed
  3  a gate failed: lint drift, --strict`;

/** `argv` without the program's own name. Never throws, never prints, never exits. */
export function parseCommandLine(argv: readonly string[]): Result<Command, Refusal> {
  const printed: string[] = [];
  const parsed: Command[] = [];
  const program = programFor({
    print: (text) => printed.push(text),
    found: (command) => parsed.push(command),
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return failed(refusalOf(error, printed.join('')));
  }
  const [command] = parsed;
  if (command === undefined) return failed({ message: program.helpInformation(), exitCode: MISUSE });
  return isAboutNothing(command) ? failed(NO_PATH) : ok(command);
}

/** Evidence comes from paths, from log groups, or from both. */
const isAboutNothing = ({ name, paths, options }: Command): boolean =>
  PATHS.includes(name) &&
  paths.length === 0 &&
  options['cloudwatchLogGroup'] === undefined &&
  options['s3Logs'] === undefined;

const NO_PATH: Refusal = {
  message: "coldtrace: missing required argument 'path'\nSee coldtrace --help.\n",
  exitCode: MISUSE,
};

/** The help of the program, or of one command; the documentation prints it too. */
export function helpText(name?: CommandName): string {
  const answer = parseCommandLine(name === undefined ? ['--help'] : [name, '--help']);
  return answer.ok ? '' : answer.error.message;
}

function refusalOf({ exitCode, code }: CommanderError, printed: string): Refusal {
  const message = printed.replace(/^error: /, 'coldtrace: ');
  if (exitCode === 0) return { message, exitCode };
  const hint = code === 'commander.help' ? '' : 'See coldtrace --help.\n';
  return { message: `${message}${hint}`, exitCode: MISUSE };
}

interface Ears {
  readonly print: (text: string) => void;
  readonly found: (command: Command) => void;
}

function programFor(ears: Ears): Program {
  const program = quiet(new Program('coldtrace'), ears)
    .description(
      "Tells, after the fact and from logs alone, where the time of an LLM endpoint's cold start went.",
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      `\nExamples:\n${COMMANDS.map(({ examples }) => exampleText(examples.slice(0, 1))).join('\n')}\n\n${EXITS}`,
    );
  for (const spec of COMMANDS) program.addCommand(commandFor(spec, ears));
  return program;
}

function commandFor(spec: CommandSpec, ears: Ears): Program {
  const command = quiet(new Program(spec.name), ears)
    .summary(spec.summary)
    .description(spec.description)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `\nExamples:\n${exampleText(spec.examples)}\n\n${EXITS}`)
    .action(() =>
      ears.found({
        name: spec.name,
        paths: command.processedArgs.flat().filter(isGiven),
        options: command.opts(),
      }),
    );
  if (spec.argument !== undefined) command.argument(spec.argument, spec.argumentSays);
  for (const option of OPTIONS.filter(({ commands }) => commands.includes(spec.name)))
    command.addOption(optionFor(option));
  return command;
}

/** A name that may be left out is there, undefined. */
const isGiven = (argument: unknown): argument is string => typeof argument === 'string';

function optionFor({ flags, says, group, hidden, isList }: OptionSpec): Option {
  const option = new Option(flags, says).helpGroup(`${group}:`).hideHelp(hidden === true);
  return isList === true ? option.argParser(oneMore) : option;
}

const oneMore = (given: string, before: readonly string[] = []): readonly string[] => [...before, given];

/** Speaks only through `print`, and throws where commander would end the process. */
const quiet = (program: Program, { print }: Ears): Program =>
  program.exitOverride().configureOutput({
    writeOut: print,
    writeErr: print,
    getOutHelpWidth: () => HELP_WIDTH,
    getErrHelpWidth: () => HELP_WIDTH,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });

/** What it does above, the line to type below: both may be long. */
const exampleText = (examples: CommandSpec['examples']): string =>
  examples.map(([line, says]) => `  # ${says}\n  ${line}`).join('\n');
