-- Every dataset of before has one version, which keeps all that was its own.
-- CreateTable
CREATE TABLE "DatasetVersion" (
    "datasetName" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "layout" TEXT NOT NULL,
    "images" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "report" JSONB NOT NULL,
    "edit" JSONB,
    "testSet" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DatasetVersion_pkey" PRIMARY KEY ("datasetName","version")
);

INSERT INTO "DatasetVersion" ("datasetName", version, hash, layout, images, bytes, report, "testSet", "createdAt")
SELECT name, version, hash, layout, images, bytes, report,
  (SELECT md5(coalesce(string_agg(data::text, ',' ORDER BY data ->> 'path' COLLATE "C"), ''))
   FROM "Sample" WHERE "datasetName" = name AND split = 'test'),
  "createdAt"
FROM "Dataset";

-- DropForeignKey
ALTER TABLE "Sample" DROP CONSTRAINT "Sample_datasetName_fkey";

-- AlterTable
ALTER TABLE "Sample" DROP CONSTRAINT "Sample_pkey",
ADD COLUMN     "version" INTEGER;
UPDATE "Sample" SET version = "Dataset".version FROM "Dataset" WHERE name = "datasetName";
ALTER TABLE "Sample" ALTER COLUMN "version" SET NOT NULL,
ADD CONSTRAINT "Sample_pkey" PRIMARY KEY ("datasetName", "version", "position");

-- AlterTable
ALTER TABLE "Dataset" DROP COLUMN "bytes",
DROP COLUMN "hash",
DROP COLUMN "images",
DROP COLUMN "layout",
DROP COLUMN "report";

-- AddForeignKey
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_datasetName_fkey" FOREIGN KEY ("datasetName") REFERENCES "Dataset"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Sample" ADD CONSTRAINT "Sample_datasetName_version_fkey" FOREIGN KEY ("datasetName", "version") REFERENCES "DatasetVersion"("datasetName", "version") ON DELETE CASCADE ON UPDATE CASCADE;
