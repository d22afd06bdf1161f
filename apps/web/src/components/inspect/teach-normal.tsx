/** @file A false alarm becomes a normal training image of the dataset's next version. */
'use client';

import { isTrained } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { ImagePlus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '~/components/access/caller.tsx';
import { EditProgress } from '~/components/datasets/edit-progress.tsx';
import { useEditDataset } from '~/components/datasets/use-edit-dataset.ts';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { usePickedUpload } from '~/components/uploads/use-picked-upload.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { trainingImage } from './training-image.ts';
import type { InspectedImage, InspectedPrediction } from './use-inspection.ts';

interface TeachNormalProps {
  image: InspectedImage;
  prediction: InspectedPrediction;
}

/** Nothing for an image that comes from the dataset: its label is changed there. */
export function TeachNormal({ image, prediction }: TeachNormalProps) {
  const trpc = useTRPC();
  const mayTeach = useMay('engineer');
  const { model, modelVersion, category } = prediction;
  const versions = useQuery(trpc.models.get.queryOptions({ name: model }));
  const version = versions.data?.find((one) => one.version === modelVersion);
  if (!mayTeach || image.truth !== null || category === null) return null;
  if (version === undefined || !isTrained(version)) return null;
  return <TeachForm image={image} category={category} dataset={version.manifest.lineage.dataset} />;
}

interface TeachFormProps {
  image: InspectedImage;
  category: string;
  dataset: string;
}

function TeachForm({ image, category, dataset }: TeachFormProps) {
  const upload = usePickedUpload();
  const { edit, started, isBusy, error } = useEditDataset(dataset);
  const [failure, setFailure] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  const teach = async () => {
    setFailure(null);
    setSending(true);
    try {
      const uploadId = await upload.start(trainingImage(image, category));
      if (uploadId === null) return;
      const source = { kind: 'upload', uploadId } as const;
      edit([{ kind: 'addFiles', source, split: 'train' }], `False alarm: ${image.name}`);
    } catch (cause) {
      setFailure(cause);
    } finally {
      setSending(false);
    }
  };
  if (started !== null) return <EditProgress initial={started} />;
  return (
    <div className="space-y-3">
      <Button variant="secondary" disabled={isSending || isBusy} onClick={() => void teach()}>
        <ImagePlus aria-hidden="true" className="size-4" />
        It is normal: add it to {dataset}
      </Button>
      <p className="text-sm text-ink-soft">
        It becomes a training image of {category} in the next version of the dataset. The test
        images stay, so that what you train on it is compared with what you have.
      </p>
      {isSending ? <ProgressBar label={`Sending ${image.name}`} value={null} /> : null}
      {failure === null ? null : <ErrorNotice error={errorBodyOf(failure)} />}
      {error ? <ErrorNotice error={error} /> : null}
    </div>
  );
}
