-- CreateTable
CREATE TABLE "PartTiming" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "runId" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "units" DOUBLE PRECISION NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "expectedSeconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "PartTiming_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "PartTiming_host_id_idx" ON "PartTiming"("host", "id");
