-- AlterTable
ALTER TABLE "Dataset" ADD COLUMN     "license" TEXT,
ADD COLUMN     "source" TEXT,
ADD COLUMN     "versionsMade" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Model" ADD COLUMN     "versionsMade" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "Deletion" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "origins" TEXT[],

    CONSTRAINT "Deletion_pkey" PRIMARY KEY ("id")
);

-- Numbers go on from those that there are.
UPDATE "Dataset" SET "versionsMade" = version;
UPDATE "Model" SET "versionsMade" = coalesce(
  (SELECT max(version) FROM "ModelVersion" WHERE "modelName" = name), 0);
