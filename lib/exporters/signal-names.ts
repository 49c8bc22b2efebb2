// The two signals by name: paths, environment variables and words.

export type SignalName = 'traces' | 'metrics';

export interface SignalNames {
  /** Below a base URL. */
  readonly path: string;
  /** Of its own environment variables. */
  readonly prefix: string;
  /** What is sent, as people call many of it. */
  readonly items: string;
}

export const SIGNALS: Readonly<Record<SignalName, SignalNames>> = {
  traces: { path: '/v1/traces', prefix: 'OTEL_EXPORTER_OTLP_TRACES_', items: 'spans' },
  metrics: { path: '/v1/metrics', prefix: 'OTEL_EXPORTER_OTLP_METRICS_', items: 'points' },
};
