package io.aisle.yarn;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A resource manager and two node managers in one process, whose containers are processes of their own. Everything binds to loopback.
 *
 * <p>Argument: a directory, for {@code yarn-site.xml}, which is written when the cluster is ready; then a line says so. A line {@code stop
 * N} on standard input stops node manager N, and is answered by {@code stopped N}; the end of the input stops all.
 */
public final class YarnMain {
    private static final int NODES = 2;
    private static final int MEGABYTES_A_NODE = 6144;
    private static final int START_MILLIS = 60_000;

    private YarnMain() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (MiniYARNCluster cluster = new MiniYARNCluster("aisle", NODES, 1, 1)) {
            cluster.init(configuration());
            cluster.start();
            if (!cluster.waitForNodeManagersToConnect(START_MILLIS)) {
                throw new IllegalStateException("Cannot start YARN: found node managers that do not connect");
            }
            writeSite(cluster.getConfig(), Path.of(arguments[0], "yarn-site.xml"));
            out.println("YARN is ready");
            obey(cluster, out);
        }
        System.exit(0);
    }

    private static void obey(MiniYARNCluster cluster, PrintStream out) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            int node = Integer.parseInt(command.substring("stop ".length()));
            cluster.getNodeManager(node).stop();
            out.println("stopped " + node);
        }
    }

    private static YarnConfiguration configuration() {
        YarnConfiguration configuration = new YarnConfiguration();
        configuration.set(YarnConfiguration.RM_HOSTNAME, "127.0.0.1");
        configuration.set(YarnConfiguration.NM_BIND_HOST, "127.0.0.1");
        configuration.setBoolean(YarnConfiguration.YARN_MINICLUSTER_FIXED_PORTS, false);
        configuration.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 256);
        configuration.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, MEGABYTES_A_NODE);
        configuration.setInt(YarnConfiguration.NM_VCORES, 8);
        configuration.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
        configuration.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
        // a machine whose disks are nearly full is a node all the same
        configuration.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 99.5f);
        // containers are given out with heartbeats
        configuration.setLong(YarnConfiguration.RM_NM_HEARTBEAT_INTERVAL_MS, 100);
        // a node manager that was stopped is given up soon
        configuration.setInt(YarnConfiguration.RM_NM_EXPIRY_INTERVAL_MS, 10_000);
        configuration.setInt(YarnConfiguration.RM_AM_EXPIRY_INTERVAL_MS, 20_000);
        // logs of containers stay for the tests
        configuration.setInt(YarnConfiguration.DEBUG_NM_DELETE_DELAY_SEC, 3600);
        String queue = "yarn.scheduler.capacity.";
        configuration.set(queue + "root.queues", "default");
        configuration.set(queue + "root.default.capacity", "100");
        configuration.set(queue + "maximum-am-resource-percent", "0.8");
        configuration.set(queue + "root.default.maximum-am-resource-percent", "0.8");
        configuration.set(
                queue + "resource-calculator", "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");
        return configuration;
    }

    private static void writeSite(Configuration running, Path site) throws IOException {
        Configuration written = new Configuration(false);
        for (Map.Entry<String, String> setting : running) {
            if (setting.getKey().startsWith("yarn.")) {
                written.set(setting.getKey(), running.getRaw(setting.getKey()));
            }
        }
        Files.createDirectories(site.getParent());
        try (OutputStream out = Files.newOutputStream(site)) {
            written.writeXml(out);
        }
    }
}
