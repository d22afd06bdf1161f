-- AlterTable
ALTER TABLE "DatasetImport" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "ResultImport" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0;
