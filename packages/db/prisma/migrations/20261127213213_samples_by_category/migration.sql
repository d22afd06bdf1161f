-- CreateIndex
CREATE INDEX "Sample_datasetName_version_split_category_position_idx" ON "Sample"("datasetName", "version", "split", "category", "position");
