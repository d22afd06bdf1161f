-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Dataset" (
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "layout" TEXT NOT NULL,
    "images" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "report" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Dataset_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Sample" (
    "datasetName" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "category" TEXT NOT NULL,
    "split" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "defectType" TEXT,
    "imageSha256" TEXT NOT NULL,
    "maskSha256" TEXT,
    "data" JSONB NOT NULL,

    CONSTRAINT "Sample_pkey" PRIMARY KEY ("datasetName","position")
);

-- CreateTable
CREATE TABLE "DatasetImport" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "source" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "checked" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "error" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "DatasetImport_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TrainingRun" (
    "id" TEXT NOT NULL,
    "datasetName" TEXT NOT NULL,
    "datasetVersion" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "stage" TEXT NOT NULL DEFAULT 'queued',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "etaSeconds" DOUBLE PRECISION,
    "message" TEXT NOT NULL DEFAULT 'Waiting for a trainer.',
    "error" JSONB,
    "cancelRequested" BOOLEAN NOT NULL DEFAULT false,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "trainerId" TEXT,
    "modelVersion" INTEGER,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "TrainingRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RunLoss" (
    "runId" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "loss" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "RunLoss_pkey" PRIMARY KEY ("runId","level","step")
);

-- CreateTable
CREATE TABLE "RunLog" (
    "id" SERIAL NOT NULL,
    "runId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "severity" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "RunLog_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Model" (
    "name" TEXT NOT NULL,
    "datasetName" TEXT NOT NULL,
    "promotedVersion" INTEGER,

    CONSTRAINT "Model_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "ModelVersion" (
    "modelName" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "runId" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "bundleHash" TEXT NOT NULL,
    "bundleDirectory" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ModelVersion_pkey" PRIMARY KEY ("modelName","version")
);

-- CreateTable
CREATE TABLE "ImageResult" (
    "modelName" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "ImageResult_pkey" PRIMARY KEY ("modelName","version","position")
);

-- CreateTable
CREATE TABLE "Inspection" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modelName" TEXT NOT NULL,
    "modelVersion" INTEGER NOT NULL,
    "category" TEXT,
    "imageScore" DOUBLE PRECISION NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "predictedLabel" TEXT NOT NULL,
    "latencyMs" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "Inspection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Trainer" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "workerIds" TEXT[],
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeatAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Trainer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Sample_imageSha256_idx" ON "Sample"("imageSha256");

-- CreateIndex
CREATE INDEX "Sample_maskSha256_idx" ON "Sample"("maskSha256");

-- CreateIndex
CREATE INDEX "DatasetImport_name_idx" ON "DatasetImport"("name");

-- CreateIndex
CREATE INDEX "TrainingRun_status_idx" ON "TrainingRun"("status");

-- CreateIndex
CREATE INDEX "RunLog_runId_id_idx" ON "RunLog"("runId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ModelVersion_runId_key" ON "ModelVersion"("runId");

-- CreateIndex
CREATE INDEX "Inspection_modelName_modelVersion_at_idx" ON "Inspection"("modelName", "modelVersion", "at");

-- AddForeignKey
ALTER TABLE "Sample" ADD CONSTRAINT "Sample_datasetName_fkey" FOREIGN KEY ("datasetName") REFERENCES "Dataset"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TrainingRun" ADD CONSTRAINT "TrainingRun_datasetName_fkey" FOREIGN KEY ("datasetName") REFERENCES "Dataset"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunLoss" ADD CONSTRAINT "RunLoss_runId_fkey" FOREIGN KEY ("runId") REFERENCES "TrainingRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunLog" ADD CONSTRAINT "RunLog_runId_fkey" FOREIGN KEY ("runId") REFERENCES "TrainingRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Model" ADD CONSTRAINT "Model_datasetName_fkey" FOREIGN KEY ("datasetName") REFERENCES "Dataset"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelVersion" ADD CONSTRAINT "ModelVersion_modelName_fkey" FOREIGN KEY ("modelName") REFERENCES "Model"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImageResult" ADD CONSTRAINT "ImageResult_modelName_version_fkey" FOREIGN KEY ("modelName", "version") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;
