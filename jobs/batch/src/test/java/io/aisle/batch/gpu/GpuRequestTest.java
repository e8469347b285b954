package io.aisle.batch.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class GpuRequestTest {
    private static final SparkContext SPARK = TestSession.get().sparkContext();

    @Test
    void isNoneWhereNothingAsksForOne() {
        GpuRequest none = GpuRequest.of(SPARK);

        assertThat(none).isEqualTo(new GpuRequest(false, true));
        assertThat(none.taskDevice()).isEqualTo(Device.CPU);
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
        assertThat(GpuRequest.isAsked(script)).isFalse();
        assertThat(GpuRequest.isAsked(script.clone().set("spark.task.resource.gpu.amount", "0.5")))
                .isTrue();
        assertThat(GpuRequest.isAsked(new SparkConf(false).set("spark.executor.resource.gpu.amount", "1")))
                .isTrue();
    }

    @Test
    void isTheFirstDeviceOfALocalMaster() {
        assertThat(new GpuRequest(true, true).taskDevice()).isEqualTo(Device.gpu(0));
    }

    @Test
    void isTheDeviceThatSparkGaveTheTask() {
        assertThat(GpuRequest.device(Map.of("gpu", new ResourceInformation("gpu", new String[] {"3", "4"}))))
                .isEqualTo(Device.gpu(3));
    }

    @Test
    void refusesATaskThatSparkGaveNoneAndAnAddressThatIsNone() {
        assertThatThrownBy(() -> GpuRequest.device(Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use a GPU: found none among the resources of the task, expected the address of one. Set"
                                + " spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount, and a discovery script"
                                + " (scripts/discover-gpus).");
        assertThatThrownBy(() ->
                        GpuRequest.device(Map.of("gpu", new ResourceInformation("gpu", new String[] {"GPU-7f"}))))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot use a GPU: found the address GPU-7f, expected the index of a CUDA device");
    }
}
