package io.aisle.batch.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.Option;

class KeptRowsTest {
    private static final String LOST = "lost";

    private final SparkSession spark = TestSession.get();

    @AfterEach
    void forgetTheExecutor() {
        SparkEnv.get().blockManager().master().removeExecutor(LOST);
    }

    @Test
    void areGivenBackWhereAnExecutorEndsMeanwhile() {
        KeptRows kept = KeptRows.onDisk(spark.range(5).toDF("kept"));
        Dataset<Row> other = spark.range(7).toDF("other").persist(StorageLevel.DISK_ONLY());
        assertThat(kept.rows().count() + other.count()).isEqualTo(12);
        addExecutorThatEnded();
        assertThatThrownBy(() -> other.unpersist(true))
                .as("what Spark itself does")
                .isInstanceOf(SparkException.class);

        kept.close();

        assertThat(kept.rows().storageLevel()).isEqualTo(StorageLevel.NONE());
    }

    /** The driver has not heard of its end yet, and asks it to give back what it keeps. */
    private static void addExecutorThatEnded() {
        RpcEnv network = SparkEnv.get().rpcEnv();
        RpcEndpointRef endpoint = network.setupEndpoint(LOST, new RpcEndpoint() {
            @Override
            public RpcEnv rpcEnv() {
                return network;
            }
        });
        network.stop(endpoint);
        SparkEnv.get()
                .blockManager()
                .master()
                .registerBlockManager(
                        BlockManagerId.apply(LOST, "localhost", 1, Option.empty()),
                        new String[0],
                        0,
                        0,
                        endpoint,
                        false);
    }
}
