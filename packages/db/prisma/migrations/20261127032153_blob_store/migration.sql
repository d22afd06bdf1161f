-- CreateTable
CREATE TABLE "BlobStore" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "directory" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "BlobStore_pkey" PRIMARY KEY ("id")
);
