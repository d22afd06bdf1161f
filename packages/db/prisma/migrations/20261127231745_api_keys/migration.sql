-- CreateTable
CREATE TABLE "ApiKey" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "start" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3),
    "lastUsedAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_hash_key" ON "ApiKey"("hash");

-- CreateIndex
CREATE INDEX "ApiKey_createdAt_idx" ON "ApiKey"("createdAt");

-- One name, one key that counts: of two made at once, one is refused.
CREATE UNIQUE INDEX "ApiKey_name_in_use" ON "ApiKey" ("name") WHERE "revokedAt" IS NULL;

-- Every API process hears of a key that is revoked or changed. When it was used last is nobody's news.
CREATE FUNCTION notify_access_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('plumbline_access', TG_TABLE_NAME);
  RETURN NULL;
END $$;

CREATE TRIGGER api_key_change AFTER UPDATE OF "name", "role", "expiresAt", "revokedAt" OR DELETE ON "ApiKey"
  FOR EACH ROW EXECUTE FUNCTION notify_access_change();
