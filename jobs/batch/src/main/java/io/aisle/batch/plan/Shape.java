package io.aisle.batch.plan;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Optional;

/**
 * A kind of machine: {@code shapes.conf} beside this class.
 *
 * @param speed of a vCPU, to a core of the machine that the rates were measured on
 * @param machinePrice dollars an hour
 * @param servicePrice dollars an hour that the service adds
 */
record Shape(
        String name,
        String service,
        String region,
        int vcpus,
        int memoryGib,
        double speed,
        double machinePrice,
        double servicePrice,
        Optional<Gpu> gpu) {
    /**
     * The GPUs of a machine.
     *
     * @param teraflops float32 without tensor cores, the peak of one
     */
    record Gpu(String name, int count, double teraflops) {}

    private static final Config FILE = ConfigFactory.parseResources(Shape.class, "shapes.conf");

    static List<Shape> all() {
        return FILE.getConfigList("shapes").stream().map(Shape::read).toList();
    }

    /** When the prices were written down. */
    static String pricesAsOf() {
        return FILE.getString("as-of");
    }

    private static Shape read(Config shape) {
        return new Shape(
                shape.getString("name"),
                shape.getString("service-name"),
                shape.getString("region"),
                shape.getInt("vcpus"),
                shape.getInt("memory-gib"),
                shape.getDouble("speed"),
                shape.getDouble("machine"),
                shape.getDouble("service"),
                shape.hasPath("gpu")
                        ? Optional.of(new Gpu(
                                shape.getString("gpu.name"), shape.getInt("gpu.count"), shape.getDouble("gpu.tflops")))
                        : Optional.empty());
    }

    /** The same at another price, all included. */
    Shape withPrice(double price) {
        return new Shape(name, service, region, vcpus, memoryGib, speed, price, 0, gpu);
    }

    /** Dollars an hour. */
    double price() {
        return machinePrice + servicePrice;
    }

    /** Cores of the machine that the rates were measured on that are worth one of this shape. */
    double cores() {
        return vcpus * speed;
    }
}
