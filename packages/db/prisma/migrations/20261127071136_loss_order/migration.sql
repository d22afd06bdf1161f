-- AlterTable
ALTER TABLE "RunLoss" ADD COLUMN     "seq" BIGSERIAL NOT NULL;

-- CreateIndex
CREATE INDEX "RunLoss_runId_seq_idx" ON "RunLoss"("runId", "seq");
