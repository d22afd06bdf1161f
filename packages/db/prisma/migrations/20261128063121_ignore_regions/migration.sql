-- AlterTable
ALTER TABLE "DatasetVersion" ADD COLUMN     "ignore" JSONB;
