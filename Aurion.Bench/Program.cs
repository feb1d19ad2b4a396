Console.WriteLine("Aurion");
