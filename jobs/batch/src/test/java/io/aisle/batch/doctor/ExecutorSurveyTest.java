package io.aisle.batch.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.batch.doctor.ExecutorSurvey.Answer;
import io.aisle.core.UserException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class ExecutorSurveyTest {
    private static final CountDownLatch RUNNING = new CountDownLatch(2);
    private static final CountDownLatch RELEASE = new CountDownLatch(1);

    @Test
    void underALocalMasterTheDriverAnswers() {
        List<Answer> answers = ExecutorSurvey.ask(
                TestSession.get(),
                BuiltFor.read(),
                List.of(new AskedPlace("file:/nowhere/to-write", false), new AskedPlace("file:/nowhere/to-read", true)),
                60);

        assertThat(answers).hasSize(1);
        JvmFacts facts = answers.get(0).facts();
        assertThat(facts.name()).isEqualTo("driver");
        assertThat(facts.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(facts.javaFeature()).isEqualTo(17);
        assertThat(facts.closedPackages()).isEmpty();
        assertThat(facts.onnxFailure()).isEmpty();
        assertThat(facts.onnxProviders()).contains("CPU");
        assertThat(facts.versions().spark()).isEqualTo(BuiltFor.read().spark());
        assertThat(facts.versions().scala()).startsWith(BuiltFor.read().scala() + ".");
        assertThat(facts.temporary()).hasSizeGreaterThan(1).allMatch(space -> space.freeBytes() > 0);
        assertThat(facts.unreachable())
                .as("what is to be written need not be there yet")
                .containsOnlyKeys("file:/nowhere/to-read");
        assertThat(facts.unreachable().get("file:/nowhere/to-read"))
                .startsWith("Cannot read file:/nowhere/to-read: found nothing there");
        assertThat(answers.get(0).skewMillis()).isLessThan(1_000);
    }

    @Test
    void saysThatNoExecutorTakesATask() throws InterruptedException {
        JavaFutureAction<Void> other = JavaSparkContext.fromSparkContext(
                        TestSession.get().sparkContext())
                .parallelize(List.of(1, 2), 2)
                .foreachAsync(slot -> {
                    RUNNING.countDown();
                    RELEASE.await();
                });
        try {
            RUNNING.await();

            assertThatThrownBy(() -> ExecutorSurvey.ask(TestSession.get(), BuiltFor.read(), List.of(), 1))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(
                            "Cannot ask the executors: found none that finished a task within 1 s, expected at least one. Look at"
                                    + " the cluster's own page")
                    .hasMessageContaining("--set doctor.wait-seconds=600");
        } finally {
            RELEASE.countDown();
            other.cancel(true);
        }
    }
}
