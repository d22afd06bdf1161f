-- AlterTable
ALTER TABLE "ModelVersion" ADD COLUMN     "activeProfile" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Inspection" ADD COLUMN     "profile" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "uncertain" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "ThresholdProfile" (
    "modelName" TEXT NOT NULL,
    "modelVersion" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "choice" JSONB NOT NULL,
    "profile" JSONB NOT NULL,
    "note" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ThresholdProfile_pkey" PRIMARY KEY ("modelName","modelVersion","version")
);

-- CreateTable
CREATE TABLE "ThresholdActivation" (
    "id" SERIAL NOT NULL,
    "modelName" TEXT NOT NULL,
    "modelVersion" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ThresholdActivation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ResultImport" (
    "id" TEXT NOT NULL,
    "datasetName" TEXT NOT NULL,
    "modelName" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "checked" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "error" JSONB,
    "modelVersion" INTEGER,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "ResultImport_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ThresholdActivation_modelName_modelVersion_id_idx" ON "ThresholdActivation"("modelName", "modelVersion", "id");

-- CreateIndex
CREATE INDEX "ResultImport_status_idx" ON "ResultImport"("status");

-- AddForeignKey
ALTER TABLE "ThresholdProfile" ADD CONSTRAINT "ThresholdProfile_modelName_modelVersion_fkey" FOREIGN KEY ("modelName", "modelVersion") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ThresholdActivation" ADD CONSTRAINT "ThresholdActivation_modelName_modelVersion_fkey" FOREIGN KEY ("modelName", "modelVersion") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ResultImport" ADD CONSTRAINT "ResultImport_datasetName_fkey" FOREIGN KEY ("datasetName") REFERENCES "Dataset"("name") ON DELETE RESTRICT ON UPDATE CASCADE;
