-- AlterTable
ALTER TABLE "Inspection" ADD COLUMN     "brightness" DOUBLE PRECISION,
ADD COLUMN     "categorySource" TEXT,
ADD COLUMN     "height" INTEGER,
ADD COLUMN     "key" UUID,
ADD COLUMN     "sharpness" DOUBLE PRECISION,
ADD COLUMN     "verdict" TEXT,
ADD COLUMN     "verdictAt" TIMESTAMP(3),
ADD COLUMN     "verdictBy" TEXT,
ADD COLUMN     "width" INTEGER;

-- CreateTable
CREATE TABLE "DriftCheck" (
    "modelName" TEXT NOT NULL,
    "modelVersion" INTEGER NOT NULL,
    "category" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMP(3) NOT NULL,
    "checkedAt" TIMESTAMP(3) NOT NULL,
    "features" JSONB NOT NULL,

    CONSTRAINT "DriftCheck_pkey" PRIMARY KEY ("modelName","modelVersion","category")
);

-- CreateTable
CREATE TABLE "DriftReference" (
    "modelName" TEXT NOT NULL,
    "modelVersion" INTEGER NOT NULL,
    "category" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "looks" JSONB NOT NULL,

    CONSTRAINT "DriftReference_pkey" PRIMARY KEY ("modelName","modelVersion","category")
);

-- CreateTable
CREATE TABLE "DriftEvent" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modelName" TEXT NOT NULL,
    "modelVersion" INTEGER NOT NULL,
    "category" TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "features" TEXT[],

    CONSTRAINT "DriftEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookDelivery" (
    "id" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "WebhookDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "DriftEvent_modelName_modelVersion_id_idx" ON "DriftEvent"("modelName", "modelVersion", "id");

-- CreateIndex
CREATE INDEX "DriftEvent_at_idx" ON "DriftEvent"("at");

-- CreateIndex
CREATE INDEX "WebhookDelivery_createdAt_idx" ON "WebhookDelivery"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Inspection_key_key" ON "Inspection"("key");

-- CreateIndex
CREATE INDEX "Inspection_modelName_modelVersion_category_at_idx" ON "Inspection"("modelName", "modelVersion", "category", "at");

-- AddForeignKey
ALTER TABLE "DriftCheck" ADD CONSTRAINT "DriftCheck_modelName_modelVersion_fkey" FOREIGN KEY ("modelName", "modelVersion") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DriftReference" ADD CONSTRAINT "DriftReference_modelName_modelVersion_fkey" FOREIGN KEY ("modelName", "modelVersion") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DriftEvent" ADD CONSTRAINT "DriftEvent_modelName_modelVersion_fkey" FOREIGN KEY ("modelName", "modelVersion") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- Few of very many inspections are judged; Prisma's schema has no partial indexes.
CREATE INDEX "Inspection_judged_idx" ON "Inspection"("modelName", "modelVersion", "category") WHERE "verdict" IS NOT NULL;
