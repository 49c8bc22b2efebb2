// containerd's CRI plugin on images. No line names a pod: which container a pull was for, only the join can tell.
//
// Read in the sources of 1.6.38, 1.7.28, 2.0.5, 2.1.4 and 2.3.4: pkg/cri/server/image_pull.go,
// internal/cri/server/images/image_pull.go since 2.0. Up to 1.6 "Pulled image" is a debug line.

import { parseGoDuration } from '../../base/go-duration.ts';
import { toSeconds } from '../../base/instant.ts';
import { OURS, printed, SERVICE, shared } from './containerd-forms.ts';
import type { Groups, JournalRule, Told } from './contract.ts';
import type { JournalLine } from './journal-line.ts';

const IMAGE = '(?<image>[^"\\s]{1,1024})';

const pull = (what: 'asked' | 'returned' | 'failed', gives: string) =>
  shared('PullImage "', gives, ({ image = '' }) => ({ kind: 'pull', what, image }));

export const images: readonly JournalRule[] = [
  {
    ...pull('asked', 'the runtime begins to pull: the wait in the queue of the kubelet is over'),
    id: 'containerd.pull_asked',
    printed: printed(SERVICE, '1.4'),
    pattern: new RegExp(`^PullImage "${IMAGE}"$`),
    example: 'time="2026-11-22T01:41:40.020861433Z" level=info msg="PullImage \\"127.0.0.1:5000/work:a1\\""',
    seen: OURS,
  },
  {
    ...pull('returned', 'the image is there, unpacked'),
    id: 'containerd.pull_returned',
    printed: printed(SERVICE, '1.4'),
    pattern: new RegExp(`^PullImage "${IMAGE}" returns image reference "[^"]{1,512}"$`),
    example:
      'time="2026-11-22T01:41:43.231451367Z" level=info msg="PullImage \\"127.0.0.1:5000/work:a1\\" returns image reference \\"sha256:efb010558d2697154d245200c3dc724f2e9cd8c3f1da8c224be2d5e2f18ec41b\\""',
    seen: OURS,
  },
  {
    ...pull('failed', 'the pull failed'),
    id: 'containerd.pull_failed',
    printed: printed(SERVICE, '1.4'),
    pattern: new RegExp(`^PullImage "${IMAGE}" failed$`),
    example:
      'time="2026-11-22T01:43:59.408676287Z" level=error msg="PullImage \\"127.0.0.1:5000/work:doesnotexist\\" failed" error="rpc error: code = NotFound desc = failed to pull and unpack image \\"127.0.0.1:5000/work:doesnotexist\\": failed to resolve image: 127.0.0.1:5000/work:doesnotexist: not found"',
    seen: OURS,
  },
  {
    logger: 'logrus',
    id: 'containerd.pulled',
    printed: printed('image_pull.go', '1.7'),
    literal: 'Pulled image "',
    pattern: new RegExp(
      `^Pulled image "${IMAGE}" with image id "[^"]{0,512}", repo tag "[^"]{0,1024}", repo digest "[^"]{0,1024}", size "\\d{0,20}" in (?<took>[0-9.a-zµ]{1,40})$`,
    ),
    example:
      'time="2026-11-22T01:41:43.231402180Z" level=info msg="Pulled image \\"127.0.0.1:5000/work:a1\\" with image id \\"sha256:efb010558d2697154d245200c3dc724f2e9cd8c3f1da8c224be2d5e2f18ec41b\\", repo tag \\"127.0.0.1:5000/work:a1\\", repo digest \\"127.0.0.1:5000/work@sha256:ed1e10394b0dcf0f175eadc7418801b228adfeea9776aca29600c3cacad86c7a\\", size \\"64943457\\" in 3.210191551s"',
    seen: OURS,
    gives: 'how long the pull took; its size says nothing of the bytes that were moved',
    tell: pulled,
  },
  {
    ...shared(
      'stop pulling image ',
      'at least so many bytes came over the network; 0 proves nothing',
      ({ image = '', bytes = '0' }) => ({ kind: 'moved', image, bytes: Number(bytes) }),
    ),
    id: 'containerd.pull_stopped',
    printed: printed('image_pull.go', '1.7'),
    pattern:
      /^stop pulling image (?<image>[^"\s]{1,1024}): active requests=\d{1,9}, bytes read=(?<bytes>\d{1,15})$/,
    example:
      'time="2026-11-22T01:43:00.870143223Z" level=info msg="stop pulling image 127.0.0.1:5000/work:v1: active requests=0, bytes read=61865984"',
    seen: OURS,
  },
];

const LONGEST_SECONDS = 86_400;

function pulled(_: JournalLine, { image = '', took = '' }: Groups): readonly Told[] {
  const length = parseGoDuration(took);
  if (length === undefined || length < 0n || toSeconds(length) > LONGEST_SECONDS) return [];
  return [{ says: { kind: 'pulled', image, took: toSeconds(length) } }];
}
