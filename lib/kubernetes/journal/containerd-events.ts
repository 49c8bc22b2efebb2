// containerd's CRI plugin on the ends of containers: exits with the kernel's instant, and want of memory.
//
// Read in the sources of 1.5.0, 1.6.38, 1.7.28, 2.1.4, 2.2.0 and 2.3.4. Exits of
// pause containers have the same form up to 2.1: their id is a sandbox's.

import { C, exitTold, OURS, printed, shared } from './containerd-forms.ts';
import type { JournalRule } from './contract.ts';

const GIVES_EXIT =
  'the process has ended: exit code, and the instant in nanoseconds that the kernel reported';

/** Message of an exit event; `container_id` and `id` differ for an exec, which is no exit of the container. */
const EXIT_2 =
  '(?: {1,2}pid:\\d{1,10})?(?: {1,2}exit_status:(?<status>\\d{1,10}))? {1,2}exited_at:\\{seconds:(?<seconds>\\d{1,12})(?: {1,2}nanos:(?<nanos>\\d{1,9}))?\\}$';

const oom = shared(
  'TaskOOM event',
  'the kernel killed a process of the container for want of memory',
  (groups) => ({
    kind: 'oom',
    id: groups['id'] ?? '',
  }),
);

export const events: readonly JournalRule[] = [
  {
    logger: 'logrus',
    id: 'containerd.exited',
    printed: printed('internal/cri/server/events.go', '2.2'),
    literal: 'received container exit event',
    pattern: new RegExp(
      `^received container exit event container_id:"${C}" {1,2}id:"(?<task>[0-9a-f]{64})"${EXIT_2}`,
    ),
    example:
      'time="2026-11-22T01:44:10.070366798Z" level=info msg="received container exit event container_id:\\"7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c\\" id:\\"7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c\\" pid:829 exit_status:1 exited_at:{seconds:1795311850 nanos:69377460}"',
    seen: OURS,
    gives: GIVES_EXIT,
    tell: exitTold,
  },
  {
    logger: 'logrus',
    id: 'containerd.exited_2_1',
    printed: printed('internal/cri/server/events.go', '1.7', '2.1'),
    literal: 'received exit event',
    pattern: new RegExp(`^received exit event container_id:"${C}" {1,2}id:"(?<task>[0-9a-f]{64})"${EXIT_2}`),
    example:
      'time="2024-05-07T08:12:10.070366798Z" level=info msg="received exit event container_id:\\"7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c\\"  id:\\"7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c\\"  pid:829  exit_status:1  exited_at:{seconds:1795311850  nanos:69377460}"',
    seen: 'source of 1.7.28',
    gives: GIVES_EXIT,
    tell: exitTold,
  },
  {
    logger: 'logrus',
    id: 'containerd.task_exit',
    printed: printed('events.go', '1.7'),
    literal: 'TaskExit event',
    pattern: new RegExp(`^TaskExit event container_id:"${C}" {1,2}id:"(?<task>[0-9a-f]{64})"${EXIT_2}`),
    example:
      'time="2024-05-07T08:12:20.070366798Z" level=info msg="TaskExit event container_id:\\"7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c\\"  id:\\"7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c\\"  pid:829  exited_at:{seconds:1795311850  nanos:69377460}"',
    seen: 'source of 1.7.28: an exit event that had to be handled a second time',
    gives: GIVES_EXIT,
    tell: exitTold,
  },
  {
    logger: 'logrus',
    id: 'containerd.exited_1_6',
    printed: printed('pkg/cri/server/events.go', '1.6', '1.6'),
    literal: 'received exit event',
    pattern: new RegExp(
      `^received exit event &TaskExit\\{ContainerID:${C},ID:(?<task>[0-9a-f]{64}),Pid:\\d{1,10},ExitStatus:(?<status>\\d{1,10}),ExitedAt:(?<time>[^,]{10,60}),(?:XXX_unrecognized:\\[\\],)?\\}$`,
    ),
    example:
      'time="2023-05-07T08:12:10.070366798Z" level=info msg="received exit event &TaskExit{ContainerID:7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c,ID:7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c,Pid:829,ExitStatus:1,ExitedAt:2023-05-07 08:12:10.069377460 +0000 UTC,XXX_unrecognized:[],}"',
    seen: 'source of 1.6.38',
    gives: GIVES_EXIT,
    tell: exitTold,
  },
  {
    logger: 'logrus',
    id: 'containerd.task_exit_1_6',
    printed: printed('pkg/cri/server/events.go', '1.4', '1.6'),
    literal: 'TaskExit event',
    pattern: new RegExp(
      `^TaskExit event &TaskExit\\{ContainerID:${C},ID:(?<task>[0-9a-f]{64}),Pid:\\d{1,10},ExitStatus:(?<status>\\d{1,10}),ExitedAt:(?<time>[^,]{10,60}),(?:XXX_unrecognized:\\[\\],)?\\}$`,
    ),
    example:
      'time="2023-05-07T08:12:10.070366798Z" level=info msg="TaskExit event &TaskExit{ContainerID:7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c,ID:7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c,Pid:829,ExitStatus:137,ExitedAt:2023-05-07 08:12:10.069377460 +0000 UTC,XXX_unrecognized:[],}"',
    seen: 'source of 1.6.38',
    gives: GIVES_EXIT,
    tell: exitTold,
  },
  {
    ...oom,
    id: 'containerd.oom',
    printed: printed('events.go', '1.7'),
    pattern: new RegExp(`^TaskOOM event container_id:"${C}"$`),
    example:
      'time="2026-11-22T01:45:29.070366798Z" level=info msg="TaskOOM event container_id:\\"7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c\\""',
    seen: OURS,
  },
  {
    ...oom,
    id: 'containerd.oom_1_6',
    printed: printed('pkg/cri/server/events.go', '1.4', '1.6'),
    pattern: new RegExp(`^TaskOOM event &TaskOOM\\{ContainerID:${C},(?:XXX_unrecognized:\\[\\],)?\\}$`),
    example:
      'time="2023-05-07T08:12:10.070366798Z" level=info msg="TaskOOM event &TaskOOM{ContainerID:7360b2eda6b480da896f93a5583a3b41fe763d473e20398ebaec924df35c510c,XXX_unrecognized:[],}"',
    seen: 'source of 1.6.38',
  },
];
