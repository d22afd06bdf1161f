-- AlterTable
ALTER TABLE "TrainingRun" ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0;
