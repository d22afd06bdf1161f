-- AlterTable
ALTER TABLE "Model" ADD COLUMN     "keeping" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "KeptImage" (
    "key" UUID NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "modelName" TEXT NOT NULL,
    "modelVersion" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "range" JSONB,
    "storedAt" TIMESTAMP(3) NOT NULL,
    "takenAt" TIMESTAMP(3),
    "takenFor" TEXT,

    CONSTRAINT "KeptImage_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "KeptImage_modelName_at_idx" ON "KeptImage"("modelName", "at");

-- CreateIndex
CREATE INDEX "KeptImage_sha256_idx" ON "KeptImage"("sha256");

-- AddForeignKey
ALTER TABLE "KeptImage" ADD CONSTRAINT "KeptImage_modelName_modelVersion_fkey" FOREIGN KEY ("modelName", "modelVersion") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;
