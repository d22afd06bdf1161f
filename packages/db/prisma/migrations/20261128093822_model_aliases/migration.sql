-- CreateTable
CREATE TABLE "ModelAlias" (
    "modelName" TEXT NOT NULL,
    "alias" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ModelAlias_pkey" PRIMARY KEY ("modelName","alias")
);

-- AddForeignKey
ALTER TABLE "ModelAlias" ADD CONSTRAINT "ModelAlias_modelName_version_fkey" FOREIGN KEY ("modelName", "version") REFERENCES "ModelVersion"("modelName", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever holds the version that an alias points to hears of a change.
CREATE TRIGGER model_alias_change AFTER INSERT OR UPDATE OR DELETE ON "ModelAlias"
  FOR EACH ROW EXECUTE FUNCTION notify_model_change('modelName');
