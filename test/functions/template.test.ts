// The stack as osls packages it, offline: permissions, retention, queues, alarms, schedules, variables.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_VARIABLES } from '../../lib/function-settings.ts';
import { runProgram } from '../run-program.ts';

const FUNCTIONS = ['Collect', 'Analyze', 'Backfill', 'Work'] as const;

type Json = Readonly<Record<string, unknown>>;

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes, and a wrong path fails the test
let resources: Record<string, any>;

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-stack-'));
const template = join(directory, 'cloudformation-template-update-stack.json');

beforeAll(async () => {
  const built = await runProgram(process.execPath, ['.ci/build-functions.ts']);
  expect(built).toMatchObject({ code: 0 });
  // Without credentials, profile or home: nothing can be looked up.
  const packed = await runProgram(
    process.execPath,
    ['.ci/osls.ts', 'package', '--stage', 'prod', '--package', directory],
    { env: { HOME: directory, AWS_EC2_METADATA_DISABLED: 'true', HTTPS_PROXY: 'http://127.0.0.1:9' } },
  );
  expect(packed, packed.stderr).toMatchObject({ code: 0 });
  resources = JSON.parse(readFileSync(template, 'utf8')).Resources;
}, 120_000);

afterAll(() => rmSync(directory, { recursive: true }));

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** The one behind a condition, too. */
const statementsOf = (role: string): readonly Statement[] =>
  resources[role].Properties.Policies.flatMap(
    (policy: { readonly PolicyDocument: { readonly Statement: readonly Json[] } }) =>
      policy.PolicyDocument.Statement.map((one) => (Array.isArray(one['Fn::If']) ? one['Fn::If'][1] : one)),
  );

const actionsOf = (role: string): readonly string[] =>
  statementsOf(role)
    .flatMap(({ Action }) => Action)
    .toSorted();

const ofType = (type: string): readonly [string, { readonly Properties: Json }][] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

describe('permissions', () => {
  it.each([
    [
      'CollectRole',
      [
        'eks:DescribeCluster',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        's3:GetObject',
        's3:ListBucket',
        's3:PutObject',
        'secretsmanager:GetSecretValue',
        'sqs:SendMessage',
      ],
    ],
    [
      'BackfillRole',
      ['logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:PutLogEvents', 'sqs:SendMessage'],
    ],
    ['SchedulerRole', ['lambda:InvokeFunction', 'sqs:SendMessage']],
  ])('%s may do this and no more', (role, expected) => {
    expect(actionsOf(role)).toEqual(expected);
  });

  it('analyze and work differ only in their queue', () => {
    const queue = (action: string): boolean => action.startsWith('sqs:');
    expect(actionsOf('AnalyzeRole').filter((action) => !queue(action))).toEqual(
      actionsOf('WorkRole').filter((action) => !queue(action)),
    );
    expect(actionsOf('WorkRole').filter(queue)).toEqual([
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ]);
    expect(actionsOf('AnalyzeRole').filter(queue)).toEqual(['sqs:SendMessage']);
  });

  it('has no wildcard but for the calls that know no resource', () => {
    const roles = ofType('AWS::IAM::Role').map(([name]) => name);
    expect(roles).toHaveLength(5);
    const all = roles.flatMap((role) => statementsOf(role).map((statement) => ({ role, ...statement })));
    for (const { Action } of all) expect(String(Action)).not.toContain('*');
    const wild = all.filter(({ Resource }) => Resource === '*');
    expect(wild.map(({ role, Action }) => [role, Action])).toEqual([
      ['AnalyzeRole', ['logs:DescribeLogGroups', 'logs:GetQueryResults', 'logs:StopQuery']],
      ['WorkRole', ['logs:DescribeLogGroups', 'logs:GetQueryResults', 'logs:StopQuery']],
      ['BackfillRole', 'logs:DescribeLogGroups'],
    ]);
  });

  it('may write all kinds of state that the ledger has, and remove only open pods', () => {
    const state = statementsOf('AnalyzeRole').find(({ Sid }) => Sid === 'State');
    const places = [...JSON.stringify(state?.Resource).matchAll(/v1\/([a-z-]+)\//g)].map((match) => match[1]);
    const kinds = [...readFileSync('docs/state.md', 'utf8').matchAll(/^\| `v1\/([a-z-]+)\//gm)].map(
      (match) => match[1] ?? '',
    );
    const ofCollect = ['evidence', 'collected'];
    for (const kind of kinds.filter((each) => !ofCollect.includes(each))) expect(places).toContain(kind);
    const removing = statementsOf('AnalyzeRole').filter(({ Action }) => String(Action).includes('Delete'));
    expect(JSON.stringify(removing)).toContain('/v1/open/*');
    expect(removing).toHaveLength(1);
  });
});

describe('functions', () => {
  it.each(FUNCTIONS)('%s runs on Node 24, arm64, under a role of its own', (name) => {
    const { Properties } = resources[`${name}LambdaFunction`];
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: `dist/functions/${name.toLowerCase()}.handler`,
      Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
    });
    expect(Properties.Environment.Variables).toMatchObject({
      COLDTRACE_SERVICE: 'coldtrace-prod',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
      COLDTRACE_STORE: { 'Fn::Sub': 's3://${StateBucket}' },
    });
  });

  it.each(['Analyze', 'Backfill', 'Work'])('%s has the variables that it reads, and no secret', (name) => {
    const variables = resources[`${name}LambdaFunction`].Properties.Environment.Variables;
    const optional = ['COLDTRACE_LATENESS'];
    const read = Object.values(FUNCTION_VARIABLES).filter((variable) => !optional.includes(variable));
    for (const variable of [...read, 'COLDTRACE_OTLP_SECRET', 'OTEL_EXPORTER_OTLP_ENDPOINT'])
      expect(variables).toHaveProperty(variable);
    expect(variables).not.toHaveProperty('OTEL_EXPORTER_OTLP_HEADERS');
  });

  it('keeps the logs of each for 30 days', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(4);
    for (const [, { Properties }] of groups) expect(Properties).toMatchObject({ RetentionInDays: 30 });
  });
});

describe('what starts them', () => {
  it.each(['Collect', 'Analyze'])('%s every five minutes; old starts do not pile up', (name) => {
    expect(resources[`${name}Schedule`].Properties).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      Target: {
        Arn: { 'Fn::GetAtt': [`${name}LambdaFunction`, 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['RunDeadLetters', 'Arn'] } },
      },
    });
    expect(resources[`${name}LambdaEvConf`].Properties).toMatchObject({
      MaximumEventAgeInSeconds: 300,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['RunDeadLetters', 'Arn'] } } },
    });
  });

  it('work by its queue, message by message, with a dead-letter queue', () => {
    const [[, mapping] = []] = ofType('AWS::Lambda::EventSourceMapping');
    expect(mapping?.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      EventSourceArn: { 'Fn::GetAtt': ['SliceQueue', 'Arn'] },
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    const { VisibilityTimeout, RedrivePolicy } = resources['SliceQueue'].Properties;
    const { Timeout } = resources['WorkLambdaFunction'].Properties;
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(RedrivePolicy).toMatchObject({
      deadLetterTargetArn: { 'Fn::GetAtt': ['SliceDeadLetters', 'Arn'] },
      maxReceiveCount: 5,
    });
    for (const [, { Properties }] of ofType('AWS::SQS::Queue'))
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
  });
});

describe('the bucket', () => {
  it('is encrypted, closed, only by TLS, and outlives the stack', () => {
    expect(resources['StateBucket']).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    const [statement] = resources['StateBucketPolicy'].Properties.PolicyDocument.Statement;
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  it('forgets only what docs/state.md lets go', () => {
    const { Rules } = resources['StateBucket'].Properties.LifecycleConfiguration;
    const prefixes = Rules.flatMap(({ Prefix }: { Prefix?: string }) => Prefix ?? []);
    expect(prefixes).toEqual(['v1/evidence/', 'v1/collected/', 'v1/slices/', 'v1/dlq/', 'v1/runs/']);
    for (const { ExpirationInDays: days = 30 } of Rules) expect(days).toBeGreaterThanOrEqual(30);
  });
});

describe('alarms', () => {
  it.each([
    ['CollectErrorsAlarm', 'Errors', 'notBreaching'],
    ['AnalyzeErrorsAlarm', 'Errors', 'notBreaching'],
    ['BackfillErrorsAlarm', 'Errors', 'notBreaching'],
    ['WorkErrorsAlarm', 'Errors', 'notBreaching'],
    ['SliceDeadLettersAlarm', 'ApproximateNumberOfMessagesVisible', 'notBreaching'],
    ['RunDeadLettersAlarm', 'ApproximateNumberOfMessagesVisible', 'notBreaching'],
    ['WatermarkLagAlarm', 'watermark_lag_seconds', 'breaching'],
    ['AnalyzeDroppedAlarm', 'dropped', 'notBreaching'],
    ['WorkDroppedAlarm', 'dropped', 'notBreaching'],
  ])('%s watches %s', (name, MetricName, TreatMissingData) => {
    expect(resources[name].Properties).toMatchObject({ MetricName, TreatMissingData });
  });

  it('look for the metrics where the functions write them', () => {
    const own = ofType('AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) => Properties['Namespace'] === 'coldtrace',
    );
    expect(own).toHaveLength(3);
    for (const [name, { Properties }] of own)
      expect(Properties['Dimensions'], name).toEqual([
        { Name: 'service', Value: 'coldtrace-prod' },
        { Name: 'function', Value: name.startsWith('Work') ? 'work' : 'analyze' },
      ]);
  });
});

const LINT =
  process.env['COLDTRACE_CFN_LINT'] ??
  join(homedir(), '.cache', 'coldtrace-servers', 'cfn-lint', 'bin', 'cfn-lint');

describe.skipIf(!existsSync(LINT))('cfn-lint (.ci/servers/cfn-lint.sh)', () => {
  it('finds no error', async () => {
    const ran = await runProgram(LINT, ['--non-zero-exit-code', 'error', template]);
    expect(ran.stdout.match(/^E\d.*$/gm) ?? []).toEqual([]);
    expect(ran).toMatchObject({ code: 0 });
  }, 120_000);
});
