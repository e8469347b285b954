package io.aisle.batch.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;

class GpuRequestTest {
    private static final SparkContext SPARK = TestSession.get().sparkContext();

    @Test
    void isNoneWhereNothingAsksForOne() {
        GpuRequest none = GpuRequest.of(SPARK);

        assertThat(none).isEqualTo(new GpuRequest(false, false, true));
        assertThat(none.taskDevice()).isEqualTo(Device.CPU);
        assertThat(none.driverDevice(SPARK)).isEqualTo(Device.CPU);
    }

    @Test
    void findsEachSettingThatAsksForOne() {
        SparkConf conf = new SparkConf(false)
                .set("spark.executor.resource.gpu.amount", "1")
                .set("spark.executor.resource.gpu.discoveryScript", "/opt/discover")
                .set("spark.task.resource.gpu.amount", "0.5")
                .set("spark.driver.resource.gpu.amount", "1")
                .set("spark.executor.resource.fpga.amount", "1");

        assertThat(GpuRequest.settings(conf))
                .containsExactlyInAnyOrder(
                        "spark.executor.resource.gpu.amount",
                        "spark.executor.resource.gpu.discoveryScript",
                        "spark.task.resource.gpu.amount",
                        "spark.driver.resource.gpu.amount");
    }

    @Test
    void onlyAmountsAreRequestsUnderALocalMaster() {
        SparkConf script = new SparkConf(false)
                .set("spark.executor.resource.gpu.discoveryScript", "/opt/discover")
                .set("spark.task.resource.gpu.amount", "0");
        assertThat(GpuRequest.local(script)).isEmpty();
        assertThat(GpuRequest.local(script.clone().set("spark.driver.resource.gpu.amount", "1")))
                .isEqualTo("driver");
        assertThat(GpuRequest.local(script.clone()
                        .set("spark.driver.resource.gpu.amount", "1")
                        .set("spark.task.resource.gpu.amount", "0.5")))
                .isEqualTo("tasks,driver");
    }

    @Test
    void isTheFirstDeviceOfALocalMaster() {
        GpuRequest local = new GpuRequest(true, true, true);

        assertThat(local.taskDevice()).isEqualTo(Device.gpu(0));
        assertThat(local.driverDevice(SPARK)).isEqualTo(Device.gpu(0));
    }

    @Test
    void refusesDriverThatSparkGaveNone() {
        assertThatThrownBy(() -> new GpuRequest(false, true, false).driverDevice(SPARK))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use a GPU: found none among the resources of the driver, expected the address of one."
                                + " Set spark.driver.resource.gpu.amount, and a discovery script (scripts/discover-gpus).");
    }
}
