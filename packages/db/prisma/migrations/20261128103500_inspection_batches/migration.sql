-- AlterTable
ALTER TABLE "Trainer" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'trainer';

-- CreateTable
CREATE TABLE "InspectionBatch" (
    "id" TEXT NOT NULL,
    "modelName" TEXT NOT NULL,
    "modelVersion" INTEGER NOT NULL,
    "input" JSONB NOT NULL,
    "owner" TEXT NOT NULL,
    "startedBy" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "losses" INTEGER NOT NULL DEFAULT 0,
    "checked" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "anomalous" INTEGER NOT NULL DEFAULT 0,
    "uncertain" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "etaSeconds" DOUBLE PRECISION,
    "error" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "InspectionBatch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BatchResult" (
    "batchId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "BatchResult_pkey" PRIMARY KEY ("batchId","position")
);

-- CreateIndex
CREATE INDEX "InspectionBatch_createdAt_idx" ON "InspectionBatch"("createdAt");

-- CreateIndex
CREATE INDEX "InspectionBatch_owner_createdAt_idx" ON "InspectionBatch"("owner", "createdAt");

-- CreateIndex
CREATE INDEX "InspectionBatch_modelName_modelVersion_idx" ON "InspectionBatch"("modelName", "modelVersion");

-- AddForeignKey
ALTER TABLE "InspectionBatch" ADD CONSTRAINT "InspectionBatch_modelName_modelVersion_fkey" FOREIGN KEY ("modelName", "modelVersion") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BatchResult" ADD CONSTRAINT "BatchResult_batchId_fkey" FOREIGN KEY ("batchId") REFERENCES "InspectionBatch"("id") ON DELETE CASCADE ON UPDATE CASCADE;
