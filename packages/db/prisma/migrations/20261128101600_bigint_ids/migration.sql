-- A busy line writes 2^31 rows within years.
-- AlterTable
ALTER TABLE "Inspection" ALTER COLUMN "id" SET DATA TYPE BIGINT;
ALTER SEQUENCE "Inspection_id_seq" AS BIGINT;

-- AlterTable
ALTER TABLE "AuditEvent" ALTER COLUMN "id" SET DATA TYPE BIGINT;
ALTER SEQUENCE "AuditEvent_id_seq" AS BIGINT;
