-- DropIndex
DROP INDEX "DatasetImport_name_idx";

-- CreateTable
CREATE TABLE "IdempotencyKey" (
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "IdempotencyKey_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "IdempotencyKey_createdAt_idx" ON "IdempotencyKey"("createdAt");

-- CreateIndex
CREATE INDEX "DatasetImport_name_createdAt_idx" ON "DatasetImport"("name", "createdAt");

-- CreateIndex
CREATE INDEX "DatasetImport_createdAt_idx" ON "DatasetImport"("createdAt");

-- CreateIndex
CREATE INDEX "TrainingRun_createdAt_idx" ON "TrainingRun"("createdAt");

-- CreateIndex
CREATE INDEX "TrainingRun_datasetName_createdAt_idx" ON "TrainingRun"("datasetName", "createdAt");

-- CreateIndex
CREATE INDEX "TrainingRun_model_status_idx" ON "TrainingRun"("model", "status");

-- CreateIndex
CREATE INDEX "ResultImport_createdAt_idx" ON "ResultImport"("createdAt");

-- CreateIndex
CREATE INDEX "ResultImport_datasetName_createdAt_idx" ON "ResultImport"("datasetName", "createdAt");

-- CreateIndex
CREATE INDEX "Inspection_at_idx" ON "Inspection"("at");
