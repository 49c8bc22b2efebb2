// How startups are told to a destination: as which traces and points, and under which policy.

import type { DestinationName, TooOldPolicy } from './model/destination.ts';
import type { TraceSettings } from './telemetry/to-trace.ts';

export interface ExportSettings {
  readonly trace: TraceSettings;
  readonly sending: {
    readonly destination: DestinationName;
    readonly tooOld: TooOldPolicy;
    readonly metrics: boolean;
  };
}
