package io.aisle.batch.process;

import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where executors are processes of their own, on loopback. Closing it ends them all. */
interface Cluster extends AutoCloseable {
    /** The kinds there are, with how a driver runs on them. */
    enum Kind {
        LOCAL_CLUSTER,
        STANDALONE,
        YARN_CLIENT,
        YARN_CLUSTER;

        /** @param name of its directory below target, which is emptied, where it has one of its own */
        Cluster start(String name) throws IOException, InterruptedException {
            return switch (this) {
                case LOCAL_CLUSTER -> new LocalCluster();
                case STANDALONE -> StandaloneCluster.start(Fixtures.fresh(name));
                case YARN_CLIENT -> YarnCluster.shared("client");
                case YARN_CLUSTER -> YarnCluster.shared("cluster");
            };
        }
    }

    /** Options for spark-submit. */
    List<String> submit();

    /** Added to the environment of spark-submit. */
    Map<String, String> environment();

    /** The executors that run for a driver at present. */
    List<ProcessHandle> executors(AisleProcess driver);

    @Override
    void close();

    /**
     * Options that all kinds share, with those of one.
     *
     * @param executorOptions of the JVMs of executors
     */
    static List<String> submit(String master, String executorOptions, String... more) {
        List<String> submit = new ArrayList<>(
                List.of("--master", master, "--conf", "spark.executor.extraJavaOptions=" + executorOptions));
        submit.addAll(List.of(more));
        return submit;
    }

    /** Two executors that the driver starts itself. */
    final class LocalCluster implements Cluster {
        @Override
        public List<String> submit() {
            return Cluster.submit("local-cluster[2,1,1024]", AisleProcess.optionsWithArchive());
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public List<ProcessHandle> executors(AisleProcess driver) {
            return driver.executors();
        }

        @Override
        public void close() {}
    }
}
