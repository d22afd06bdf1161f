-- AlterTable
ALTER TABLE "DatasetImport" ADD COLUMN     "options" JSONB NOT NULL DEFAULT '{}';
