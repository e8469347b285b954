package io.aisle.batch.doctor;

import io.aisle.batch.doctor.ExecutorSurvey.Answer;
import java.util.List;
import org.apache.spark.SparkConf;

/** Whether executors start and run tasks, and how the work will be spread over them. */
final class ExecutorsCheck implements Check {
    private static final String NAME = "executors";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "whether executors run tasks, and how many at once: master, deploy mode, cores, parallelism";
    }

    /**
     * How an application is spread.
     *
     * @param asked executors asked for; 0 where none were counted
     * @param answered executors that ran a task
     * @param slots tasks at once over all executors
     */
    record Spread(
            String master,
            String deployMode,
            int asked,
            int answered,
            int slots,
            int taskCpus,
            int shufflePartitions,
            boolean isDynamic,
            boolean isSpeculative) {}

    @Override
    public List<Finding> look(Examination examination) {
        List<Answer> answers = examination.answers();
        SparkConf conf = examination.conf();
        boolean isDynamic = conf.getBoolean("spark.dynamicAllocation.enabled", false);
        return List.of(judge(new Spread(
                examination.spark().sparkContext().master(),
                conf.get("spark.submit.deployMode", "client"),
                isDynamic || examination.isLocal() ? 0 : conf.getInt("spark.executor.instances", 0),
                answers.size(),
                answers.stream()
                        .mapToInt(answer -> examination.tasksAtOnce(answer.facts()))
                        .sum(),
                conf.getInt("spark.task.cpus", 1),
                Integer.parseInt(examination.spark().conf().get("spark.sql.shuffle.partitions")),
                isDynamic,
                conf.getBoolean("spark.speculation", false))));
    }

    static Finding judge(Spread spread) {
        String found = spread.master + ", deploy mode " + spread.deployMode + ": " + spread.answered
                + (spread.answered == 1 ? " executor, " : " executors, ") + spread.slots
                + (spread.slots == 1 ? " task" : " tasks") + " at once of " + spread.taskCpus
                + (spread.taskCpus == 1 ? " core" : " cores") + " each, " + spread.shufflePartitions
                + " shuffle partitions, dynamic allocation " + (spread.isDynamic ? "on" : "off") + ", speculation "
                + (spread.isSpeculative ? "on" : "off");
        if (spread.answered < spread.asked) {
            return Finding.warn(
                    NAME,
                    found + ", expected " + spread.asked + " executors",
                    "Wait until the cluster has room, or ask for less: --num-executors, --executor-cores, --executor-memory. The job"
                            + " runs with what it gets, and takes longer.");
        }
        return spread.shufflePartitions < spread.slots
                ? Finding.warn(
                        NAME,
                        found + ", expected at least as many shuffle partitions as tasks at once",
                        "Set -- --conf spark.sql.shuffle.partitions=" + 2 * spread.slots + ", or cores stand idle.")
                : Finding.ok(NAME, found);
    }
}
