package io.aisle.batch.train.frozen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.process.S3Server;
import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FeatureCacheOnS3IT {
    private static final String BUCKET = "features";

    /** Of conf/spark-defaults.conf. */
    private static final Map<String, String> MAGIC = Map.of(
            "spark.sql.sources.commitProtocolClass", "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
            "spark.sql.parquet.output.committer.class",
                    "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
            "mapreduce.outputcommitter.factory.scheme.s3a", "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory",
            "fs.s3a.committer.name", "magic",
            "fs.s3a.committer.magic.enabled", "true");

    private static S3Server server;
    private static SparkSession spark;

    @BeforeAll
    static void startsServer() throws IOException, InterruptedException {
        server = S3Server.start(BUCKET, BUCKET);
        S3Server.configure(TestSession.get().sparkContext().hadoopConfiguration(), BUCKET, server.endpoint());
        spark = TestSession.get().newSession();
        MAGIC.forEach((key, value) -> spark.conf().set(key, value));
    }

    @AfterAll
    static void stopsServer() {
        server.close();
    }

    @Test
    void readsWhatWasWrittenToItsEndAndNothingElse() {
        Dataset<Row> rows = PreparedData.open(spark, SmallEncoder.preparedUri()).rows(Split.VALIDATION);
        String root = "s3a://" + BUCKET + "/whole";
        long texts = rows.select("content_hash").distinct().count();

        assertThat(SmallEncoder.cache(spark, root).add(rows, count -> SmallEncoder.encoding()))
                .isEqualTo(texts);
        assertThat(SmallEncoder.cache(spark, root).add(rows, count -> SmallEncoder.encoding()))
                .isZero();
        assertThat(SmallEncoder.cache(spark, root).withFeatures(rows).count()).isEqualTo(rows.count());

        Directory part =
                Directory.of(spark, root).directories().get(0).directories().get(0);
        assertThat(part.read("_SUCCESS")).contains("magic");
        part.directory("_SUCCESS").delete();
        assertThat(SmallEncoder.cache(spark, root).withFeatures(rows).count()).isZero();
    }

    @Test
    void refusesToWriteByRenaming() {
        Dataset<Row> rows = SmallEncoder.prepared().rows(Split.VALIDATION);

        assertThatThrownBy(() -> SmallEncoder.cache(TestSession.get(), "s3a://" + BUCKET + "/renamed")
                        .add(rows, count -> SmallEncoder.encoding()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found settings by which Spark renames what it wrote");
    }
}
