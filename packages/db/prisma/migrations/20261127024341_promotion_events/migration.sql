-- CreateTable
CREATE TABLE "PromotionEvent" (
    "id" SERIAL NOT NULL,
    "modelName" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "replaced" INTEGER,
    "by" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PromotionEvent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "PromotionEvent_modelName_id_idx" ON "PromotionEvent"("modelName", "id");

-- AddForeignKey
ALTER TABLE "PromotionEvent" ADD CONSTRAINT "PromotionEvent_modelName_fkey" FOREIGN KEY ("modelName") REFERENCES "Model"("name") ON DELETE CASCADE ON UPDATE CASCADE;
