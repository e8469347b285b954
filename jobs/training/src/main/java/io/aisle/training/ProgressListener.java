package io.aisle.training;

/** Hears how a training goes. It is called on the training thread, between steps. */
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener SILENT = progress -> {};

    /** At most every few seconds, and after the last step of each epoch. */
    void progressed(Progress progress);

    /** After each epoch's validation. */
    default void epochEnded(EpochResult result) {}
}
