package io.aisle.batch.storage;

import io.aisle.core.storage.LocalObjectStore;
import io.aisle.core.storage.ObjectStore;
import io.aisle.core.storage.S3ObjectStore;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The store of small objects that belongs to a directory. */
public final class ObjectStores {
    static final Set<String> S3_SCHEMES = Set.of("s3a", "s3", "s3n");

    private ObjectStores() {}

    /**
     * A store whose keys are paths below the directory: local files, S3 by its own conditional writes, and any other file system by a
     * lock file. A service that ignores the conditions of a write is refused.
     *
     * @param isSingleWriter whether a service without conditional writes will do, as nobody else writes
     */
    public static ObjectStore of(SparkSession spark, Directory directory, boolean isSingleWriter) {
        Configuration configuration = spark.sessionState().newHadoopConf();
        String scheme = directory.path().toUri().getScheme();
        if (directory.isLocal()) {
            return new LocalObjectStore(directory.local());
        }
        if (!S3_SCHEMES.contains(scheme)) {
            return new HadoopObjectStore(directory.path(), configuration);
        }
        String bucket = directory.path().toUri().getHost();
        S3ObjectStore store = new S3ObjectStore(
                S3aSettings.of(configuration, bucket).access(),
                bucket,
                directory.path().toUri().getPath());
        if (isSingleWriter) {
            return store.withSingleWriter();
        }
        store.requireConditionalWrites();
        return store;
    }
}
