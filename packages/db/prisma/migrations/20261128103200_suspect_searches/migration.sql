-- CreateTable
CREATE TABLE "SuspectSearch" (
    "id" TEXT NOT NULL,
    "datasetName" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "checked" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "error" JSONB,
    "found" JSONB,
    "cancelRequested" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "SuspectSearch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SuspectMap" (
    "searchId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "values" BYTEA NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "SuspectMap_pkey" PRIMARY KEY ("searchId","position")
);

-- CreateTable
CREATE TABLE "KeptSuspect" (
    "datasetName" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "KeptSuspect_pkey" PRIMARY KEY ("datasetName","category","sha256")
);

-- CreateIndex
CREATE INDEX "SuspectSearch_datasetName_version_createdAt_idx" ON "SuspectSearch"("datasetName", "version", "createdAt");

-- AddForeignKey
ALTER TABLE "SuspectSearch" ADD CONSTRAINT "SuspectSearch_datasetName_version_fkey" FOREIGN KEY ("datasetName", "version") REFERENCES "DatasetVersion"("datasetName", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SuspectMap" ADD CONSTRAINT "SuspectMap_searchId_fkey" FOREIGN KEY ("searchId") REFERENCES "SuspectSearch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "KeptSuspect" ADD CONSTRAINT "KeptSuspect_datasetName_fkey" FOREIGN KEY ("datasetName") REFERENCES "Dataset"("name") ON DELETE CASCADE ON UPDATE CASCADE;
